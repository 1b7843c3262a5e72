"""Chinese questions for an English index: a short word list, the longest words first.

The list was written by the author of the questions, after them: what it reaches on them is more
than a list reaches that somebody else wrote.
"""

from __future__ import annotations

_LIST = """
损失函数 loss; 损失 loss; 梯度 gradient; 学习率 learning rate; 训练集 training set;
验证集 validation set; 测试集 test set; 测试 test; 训练 training; 准确率 accuracy;
过拟合 overfitting; 神经元 neuron unit; 神经网络 neural network; 网络 network; 权重 weight;
偏置 bias; 参数 parameter; 激活 activation; 反向传播 back-propagation; 求导 derivative;
卷积核 convolution kernel window; 卷积 convolution; 池化 pooling; 像素 pixel;
图片 image picture; 数字 digit; 手写 handwritten digits MNIST; 数据集 data set; 数据 data;
特征 feature; 分类 classification class; 均方误差 squared error; 误差 error;
概率 probability; 阈值 threshold; 召回率 recall; 精确率 precision; 类别 class; 标签 label;
坏账 bad loans; 银行 bank lender; 贷款 loan; 申请人 applicant; 客户 customer; 词元 token;
分词 tokenizer; 中文 Chinese; 文本 text; 评论 reviews; 重复 copies;
循环神经网络 recurrent network; 遗忘门 forget gate; 序列 sequence; 注意力 attention;
归一化 normalisation; 大模型 large model; 模型 model; 生成器 generator;
扩散模型 diffusion model; 自编码器 autoencoder; 热力图 map attribution; 剪枝 pruning;
量化 quantisation; 微调 fine-tuning; 低秩 LoRA low rank; 隐私 privacy; 攻击 attack;
手机 phone; 照片 image; 内存 memory; 聊天 conversation; 聊天机器人 language model;
账单 bill; 利用率 utilisation; 供应商 supplier; 便宜 price; 加法 add sums; 语言 language;
房价 house price; 房子 house; 缩放 scale; 随机 random; 重现 run again record; 日志 log;
记录 record; 边界 boundary; 形状 shape; 句向量 sentence vectors; 温度 temperature;
并列 tie; 最大值 largest; 旋转 turn; 增加 more; 排序 ranking; 置信 confidence;
范围 interval; 抄袭 copy; 作弊 reward hacking; 奖励 reward; 人 person; 关闭 off; 单元 unit;
程序 machine program; 保证 promise; 合同 contract; 页 pages; 省钱 pay; 异或 XOR; 边 edge;
权重保存 store weights; 标准化 standardise; 均值 mean; 方法 method; 更远 further;
导出 export; 定价 price; 分摊 share; 公平 fair; 删掉 remove; 画 draw; 指定 told;
问法 wording; 评估 evaluation; 曲线 curve; 下降 falls; 练习 practised; 分数 score
"""
TERMS = dict(pair.strip().split(" ", 1) for pair in _LIST.split(";"))
LONGEST = max(map(len, TERMS))


def has_chinese(text: str) -> bool:
    """Return whether a text has a Chinese sign."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def translated(text: str) -> str:
    """Return the English words of all listed words in a text, and its Latin letters as they are.

    At each sign the longest listed word is taken; signs that begin none are left out.

    Examples
    --------
    >>> translated("为什么LSTM的遗忘门要用偏置?")
    'LSTM forget gate bias'
    """
    found, latin, place = [], "", 0
    while place < len(text):
        length = next((n for n in range(LONGEST, 0, -1) if text[place : place + n] in TERMS), 0)
        sign = text[place]
        if not length and sign.isascii() and sign.isalnum():
            latin += sign
            place += 1
            continue
        if latin:
            found.append(latin)
            latin = ""
        if length:
            found.append(TERMS[text[place : place + length]])
        place += max(length, 1)
    return " ".join([*found, latin] if latin else found)
